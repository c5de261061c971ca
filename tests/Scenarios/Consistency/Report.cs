namespace Granary.Scenarios.Consistency;

/// <summary>Where a table goes that somebody asked for: <c>GRANARY_REPORT=FILE</c>. The last that was written is there, also when what it tells of was ended.</summary>
internal static class Report
{
    public static void Writes(string table)
    {
        if (Environment.GetEnvironmentVariable("GRANARY_REPORT") is { Length: > 0 } file) File.WriteAllText(file, table + "\n");
    }
}
