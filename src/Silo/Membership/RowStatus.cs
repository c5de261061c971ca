using System.Text.Json;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>Reads of a row of the membership table, as Orleans writes it in JSON, what the silo is said to be. What cannot be read is no active silo.</summary>
internal static class RowStatus
{
    public static bool IsActive(string row)
    {
        try
        {
            using var read = JsonDocument.Parse(row);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty("Status", out var status) && IsActive(status);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A number today; a word, should Orleans change its mind.
    private static bool IsActive(JsonElement status) => status.ValueKind switch
    {
        JsonValueKind.Number => status.TryGetInt32(out var number) && number == (int)SiloStatus.Active,
        JsonValueKind.String => status.ValueEquals(nameof(SiloStatus.Active)),
        _ => false,
    };
}
