using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>The fields of a request on which the choice among stored responses depends (RFC 9111 §4.1).</summary>
/// <param name="Received">As the client sent them, absent ones too.</param>
/// <param name="Presented">The same as they are presented to the owner.</param>
internal readonly record struct Nominated(ImmutableArray<KeyValuePair<string, StringValues>> Received, FieldLines Presented)
{
    /// <returns>Null where it does not depend on what the client sent alone: the presenter writes, or leaves out, one of them.</returns>
    public static Nominated? Of(ImmutableArray<StoredVariant> variants, IHeaderDictionary received, FieldLines presented)
    {
        var (those, lines) = (ImmutableArray.CreateBuilder<KeyValuePair<string, StringValues>>(), ImmutableArray.CreateBuilder<FieldLine>());
        foreach (var variant in variants)
        {
            if (variant.Response.Nominations.IsEverything) return null;
            foreach (var name in variant.Response.Nominations.Names)
            {
                if (those.Any(field => Is(field.Key, name))) continue;
                var (values, sent) = (received[name], presented.Where(line => Is(line.Name, name)).ToArray());
                if (!sent.Select(static line => line.Value).SequenceEqual(values)) return null;
                those.Add(KeyValuePair.Create(name, values));
                lines.AddRange(sent);
            }
        }

        return new Nominated(those.DrainToImmutable(), new FieldLines(lines.DrainToImmutable()));
    }

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
