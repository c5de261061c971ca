namespace Granary.Silo.Configuration.Values;

/// <summary>Lists written in one text.</summary>
internal static class Lists
{
    public static string[] Split(string text) => text.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
