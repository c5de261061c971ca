using System.Text.Json;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>Reads of a row of the membership table, as Orleans writes it in JSON, what the silo is said to be. What cannot be read is neither active nor dead.</summary>
internal static class RowStatus
{
    public static bool IsActive(string row) => Is(row, SiloStatus.Active);

    public static bool IsDead(string row) => Is(row, SiloStatus.Dead);

    private static bool Is(string row, SiloStatus wanted)
    {
        try
        {
            using var read = JsonDocument.Parse(row);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty("Status", out var status) && Is(status, wanted);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A number today; a word, should Orleans change its mind.
    private static bool Is(JsonElement status, SiloStatus wanted) => status.ValueKind switch
    {
        JsonValueKind.Number => status.TryGetInt32(out var number) && number == (int)wanted,
        JsonValueKind.String => status.ValueEquals(wanted.ToString()),
        _ => false,
    };
}
