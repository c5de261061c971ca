using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Edge.Presenting;
using Granary.Edge.Routing;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;

namespace Granary.Edge.Hiding;

/// <summary>
/// The fields of a response as a client of the reverse proxy may have them. It is done as they leave, for each client: what is stored is what the origin said, so one stored
/// response serves clients that ask by different names, and invalidation (RFC 9111 §4.4) reads what the origin meant.
/// (1) Nothing to hide: the same fields, nothing allocated  (2) else line by line: left out, or with names turned outward.
/// </summary>
internal sealed class OutwardFields(Func<HidingSettings> settings, Pseudonym pseudonym)
{
    private enum Concern
    {
        Removed,
        Via,
        Reference,
        Refresh,
        Link,
        SetCookie,
    }

    private Compiled _compiled = Compiled.Of(settings());

    public FieldLines Of(HttpContext context, Destination.Origin destination, FieldLines fields)
    {
        if (!destination.IsReverse) return fields;
        var concerns = Current().Concerns;
        foreach (var line in fields)
            if (concerns.ContainsKey(line.Name)) return Rewritten(context, destination, fields, concerns); // (2)
        return fields;                                                                                      // (1)
    }

    private Compiled Current()
    {
        var (compiled, now) = (_compiled, settings());
        return ReferenceEquals(compiled.Settings, now) ? compiled : _compiled = Compiled.Of(now);
    }

    private FieldLines Rewritten(HttpContext context, Destination.Origin destination, FieldLines fields, FrozenDictionary<string, Concern> concerns)
    {
        var lines = ImmutableArray.CreateBuilder<FieldLine>(fields.Count);
        OutwardNames? names = null;
        foreach (var line in fields)
        {
            if (!concerns.TryGetValue(line.Name, out var concern)) lines.Add(line);
            else if (concern is Concern.Via)
            {
                if (Via.WithoutHosts(line.Value, pseudonym.Name) is { Length: > 0 } via) lines.Add(line with { Value = via });
            }
            else if (concern is not Concern.Removed) lines.Add(line with { Value = Outward(concern, line.Value, names ??= NamesFor(context, destination)) });
        }

        return new FieldLines(lines.DrainToImmutable());
    }

    private static string Outward(Concern concern, string value, OutwardNames names) => concern switch
    {
        Concern.Refresh => OutwardValues.Refresh(value, names),
        Concern.Link => OutwardValues.Link(value, names),
        Concern.SetCookie => OutwardValues.SetCookie(value, names),
        _ => names.Reference(value),
    };

    private OutwardNames NamesFor(HttpContext context, Destination.Origin destination) => new(
        InnerName.Of(destination, Current().Settings.Names), context.Request.Scheme,
        context.Request.Host.HasValue ? destination.Authority : null, // HTTP/1.0 without Host: the authority would be the origin's
        destination.Routed is { } routed ? PathPrefixes.Of(routed.Proxy.Route.Config) : PathPrefixes.None);

    private sealed record Compiled(HidingSettings Settings, FrozenDictionary<string, Concern> Concerns)
    {
        public static Compiled Of(HidingSettings settings)
        {
            var concerns = new Dictionary<string, Concern>(StringComparer.OrdinalIgnoreCase);
            if (!settings.ViaHosts) concerns[FieldNames.Via] = Concern.Via;
            if (settings.MapNames)
            {
                (concerns[FieldNames.Location], concerns[FieldNames.ContentLocation]) = (Concern.Reference, Concern.Reference);
                (concerns[FieldNames.Refresh], concerns[FieldNames.Link], concerns[FieldNames.SetCookie]) = (Concern.Refresh, Concern.Link, Concern.SetCookie);
            }

            foreach (var name in settings.Remove) concerns[name] = Concern.Removed;
            return new Compiled(settings, concerns.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
        }
    }
}
