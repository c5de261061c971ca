using System.Collections.Immutable;

namespace Granary.Semantics.Fields;

public sealed partial class CacheControl
{
    /// <summary>What follows a directive's name. Malformed: neither nothing nor <c>=token</c> nor <c>="quoted"</c>.</summary>
    private readonly ref struct Argument(ReadOnlySpan<char> text, bool isMalformed)
    {
        public ReadOnlySpan<char> Text { get; } = text;

        public bool IsMalformed { get; } = isMalformed;

        public bool IsAbsent => Text.IsEmpty && !IsMalformed;

        /// <summary>Only a whole argument is looked into, so <c>ext="max-age=60"</c> is no max-age.</summary>
        public static Argument Of(ReadOnlySpan<char> behindName)
        {
            if (behindName.IsEmpty) return default;
            if (behindName[0] != '=' || behindName.Length == 1) return new([], true);
            var value = behindName[1..];
            if (value[0] != '"') return new(value, !Grammar.IsToken(value));
            var whole = value.Length > 2 && Grammar.QuotedLength(value) == value.Length;
            return new(whole ? value[1..^1] : [], !whole);
        }
    }

    private static CacheControl Read(FieldLines fields)
    {
        var read = new CacheControl();
        foreach (var member in new ListMembers(fields, FieldNames.CacheControl))
        {
            var length = Grammar.TokenLength(member);
            read.Take(member[..length], Argument.Of(member[length..]));
        }

        return read;
    }

    // A directive that forbids is obeyed whatever its argument looks like; one that permits only if it is well formed.
    private void Take(ReadOnlySpan<char> name, Argument argument)
    {
        if (Is(name, "max-age")) MaxAge = Shorter(MaxAge, LifetimeOf(argument));
        else if (Is(name, "no-cache")) TakeNoCache(argument);
        else if (Is(name, "no-store")) NoStore = true;
        else if (Is(name, "s-maxage")) SMaxAge = Shorter(SMaxAge, LifetimeOf(argument));
        else if (Is(name, "private")) TakePrivate(argument);
        else if (Is(name, "must-revalidate")) MustRevalidate = true;
        else if (Is(name, "proxy-revalidate")) ProxyRevalidate = true;
        else if (Is(name, "no-transform")) NoTransform = true;
        else if (Is(name, "only-if-cached")) OnlyIfCached = true;
        else if (Is(name, "min-fresh")) MinFresh = Longer(MinFresh, SpanOf(argument));
        else if (!argument.IsMalformed) TakePermission(name, argument);
    }

    private void TakePermission(ReadOnlySpan<char> name, Argument argument)
    {
        if (Is(name, "public")) Public |= argument.IsAbsent;
        else if (Is(name, "immutable")) Immutable |= argument.IsAbsent;
        else if (Is(name, "must-understand")) MustUnderstand |= argument.IsAbsent;
        else if (Is(name, "max-stale")) MaxStale = Shorter(MaxStale, argument.IsAbsent ? TimeSpan.MaxValue : SpanOf(argument));
        else if (Is(name, "stale-while-revalidate")) StaleWhileRevalidate = Shorter(StaleWhileRevalidate, SpanOf(argument));
        else if (Is(name, "stale-if-error")) StaleIfError = Shorter(StaleIfError, SpanOf(argument));
    }

    private void TakeNoCache(Argument argument)
    {
        var fields = FieldsOf(argument);
        if (fields.IsEmpty || fields.Any(CannotBeLeftOut)) NoCache = true;
        else NoCacheFields = NoCacheFields.AddRange(fields);
    }

    // Without these the content could not be understood, or the next cache would know nothing of the directive: then the whole needs validation.
    private static bool CannotBeLeftOut(string name) => name.ToUpperInvariant() is
        "CONTENT-TYPE" or "CONTENT-ENCODING" or "CONTENT-LENGTH" or "CONTENT-RANGE" or "DATE" or "AGE" or "EXPIRES" or "CACHE-CONTROL" or "VARY";

    private void TakePrivate(Argument argument)
    {
        if (FieldsOf(argument) is { IsEmpty: false } fields) PrivateFields = PrivateFields.AddRange(fields);
        else Private = true;
    }

    // A list that is not all field names protects nothing reliably: then the directive stands unqualified.
    private static ImmutableArray<string> FieldsOf(Argument argument)
    {
        if (argument.IsAbsent || argument.IsMalformed) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var range in argument.Text.Split(','))
        {
            var name = Grammar.TrimWhitespace(argument.Text[range]);
            if (name.IsEmpty) continue;
            if (!Grammar.IsToken(name)) return [];
            names.Add(name.ToString());
        }

        return names.ToImmutable();
    }

    // RFC 9111 §4.2.1: invalid freshness information makes a response stale.
    private static TimeSpan LifetimeOf(Argument argument) => SpanOf(argument) ?? TimeSpan.Zero;

    private static TimeSpan? SpanOf(Argument argument) =>
        !argument.IsMalformed && DeltaSeconds.TryParse(argument.Text, out var span) ? span : null;

    private static TimeSpan? Shorter(TimeSpan? known, TimeSpan? next) =>
        known is null ? next : next is null ? known : known < next ? known : next;

    private static TimeSpan? Longer(TimeSpan? known, TimeSpan? next) =>
        known is null ? next : next is null ? known : known > next ? known : next;

    private static bool Is(ReadOnlySpan<char> name, string directive) => name.Equals(directive, StringComparison.OrdinalIgnoreCase);
}
