using System.Text;

namespace Granary.Silo.Configuration;

/// <summary>All mistakes in one message, for the person who made them.</summary>
internal static class MistakeText
{
    private const int MostCharacters = 200;

    public static string Of(IReadOnlyCollection<ConfigurationMistake> mistakes)
    {
        var text = new StringBuilder();
        text.Append("Granary does not start: ").Append(mistakes.Count).Append(mistakes.Count == 1 ? " mistake" : " mistakes").Append(" in the configuration.\n");
        foreach (var mistake in mistakes)
            Append(text, mistake);
        return text.Append("\nAll switches: --help. All keys: docs/configuration.md.\n").ToString();
    }

    /// <summary>One mistake in one line, for the log.</summary>
    public static string InOneLine(ConfigurationMistake mistake) =>
        $"{Heading(mistake)}: {(mistake.Value is null ? "no value" : Shown(mistake.Value))}; allowed: {mistake.Allowed}"
        + (mistake.Suggestion is null ? "" : $"; did you mean {Shown(mistake.Suggestion)}?");

    private static void Append(StringBuilder text, ConfigurationMistake mistake)
    {
        text.Append("\n  ").Append(Heading(mistake)).Append('\n');
        text.Append("    value:   ").Append(mistake.Value is null ? "(none)" : Shown(mistake.Value)).Append('\n');
        text.Append("    allowed: ").Append(mistake.Allowed).Append('\n');
        if (mistake.Suggestion is not null) text.Append("    did you mean ").Append(Shown(mistake.Suggestion)).Append("?\n");
    }

    private static string Heading(ConfigurationMistake mistake) =>
        mistake.WrittenAs is null || mistake.WrittenAs.Equals(mistake.Key, StringComparison.Ordinal)
            ? Shown(mistake.Key)
            : $"{Shown(mistake.Key)} (from {Shown(mistake.WrittenAs)})";

    // Whatever was typed must not steer the terminal.
    private static string Shown(string text)
    {
        var cut = text.Length > MostCharacters ? $"{text.AsSpan(0, MostCharacters)}…" : text;
        return cut.Length == 0 ? "(empty)" : string.Concat(cut.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));
    }
}
