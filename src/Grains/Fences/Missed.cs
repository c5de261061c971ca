using System.Collections.Immutable;
using Granary.Grains.Groups;
using Orleans.Serialization;

namespace Granary.Grains.Fences;

/// <summary>An invalidation that a silo did not hear. Kept in Redis: shapes only grow, and what a silo cannot read it takes for everything.</summary>
[GenerateSerializer, Immutable, Alias("granary.Missed")]
internal abstract record Missed
{
    /// <summary>What is larger is written as everything.</summary>
    internal const int MostBytes = 4096;

    private Missed()
    {
    }

    [GenerateSerializer, Immutable, Alias("granary.Missed.Uris")]
    internal sealed record Uris([property: Id(0)] ImmutableArray<string> Keys, [property: Id(1)] bool IsSoft) : Missed;

    [GenerateSerializer, Immutable, Alias("granary.Missed.Numbered")]
    internal sealed record Numbered([property: Id(0)] Scope Scope, [property: Id(1)] bool IsSoft, [property: Id(2)] long Number) : Missed;

    /// <summary>Nobody knows any more what it was.</summary>
    internal sealed record Everything : Missed
    {
        public static readonly Everything Instance = new();
    }
}

/// <summary>How it is written.</summary>
internal sealed class MissedWriting(IServiceProvider services)
{
    private readonly Lazy<Serializer> _serializer = new(services.GetRequiredService<Serializer>);

    public ReadOnlyMemory<byte> Of(Missed missed) =>
        missed is not Missed.Everything && _serializer.Value.SerializeToArray(missed) is { Length: <= Missed.MostBytes } bytes ? bytes : default;

    public Missed Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return Missed.Everything.Instance;
        try
        {
            return _serializer.Value.Deserialize<Missed>(bytes) ?? Missed.Everything.Instance;
        }
#pragma warning disable CA1031 // Of whatever kind: another version may have written it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Missed.Everything.Instance;
        }
    }
}
