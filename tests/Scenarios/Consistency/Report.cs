namespace Granary.Scenarios.Consistency;

/// <summary>Where a table goes that somebody asked for: <c>GRANARY_REPORT=FILE</c>.</summary>
internal static class Report
{
    public static void Writes(string table)
    {
        if (Environment.GetEnvironmentVariable("GRANARY_REPORT") is { Length: > 0 } file) File.AppendAllText(file, table + "\n");
    }
}
