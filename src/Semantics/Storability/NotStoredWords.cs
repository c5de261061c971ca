using System.Text.Json;

namespace Granary.Semantics.Storability;

/// <summary>Reasons as one word, for Cache-Status and logs: <c>forbidden-by-no-store</c>.</summary>
public static class NotStoredWords
{
    private static readonly string[] Words = [.. Enum.GetNames<NotStored>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public static string Word(this NotStored reason) => Words[(int)reason];
}
