using System.Collections.Frozen;

namespace Granary.Silo.Tls;

/// <summary>
/// Which certificate a client is shown that asks for a name (RFC 6066 §3): that of the very name, else that of the name with an asterisk in place of its first label,
/// else that of everybody else.
/// </summary>
internal sealed class CertificateTable
{
    public const string Everybody = "*";

    public static readonly CertificateTable Empty = new([]);

    private readonly FrozenDictionary<string, ServingCertificate> _byName;
    private readonly FrozenDictionary<string, ServingCertificate>.AlternateLookup<ReadOnlySpan<char>> _byPart;
    private readonly ServingCertificate? _first;

    /// <param name="certificates">Of two that have a name the first counts.</param>
    public CertificateTable(IReadOnlyCollection<(IEnumerable<string> Names, ServingCertificate Certificate)> certificates)
    {
        _byName = certificates.SelectMany(static one => one.Names.Select(name => (Name: name, one.Certificate)))
            .DistinctBy(static one => one.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(static one => one.Name, static one => one.Certificate, StringComparer.OrdinalIgnoreCase);
        _byPart = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _first = certificates.FirstOrDefault().Certificate;
    }

    /// <param name="name">Null or empty: no name was asked for.</param>
    /// <param name="refuses">Whether nobody else is shown the first one.</param>
    public ServingCertificate? For(string? name, bool refuses) =>
        Named(name) ?? (_byName.TryGetValue(Everybody, out var others) ? others : refuses ? null : _first);

    private ServingCertificate? Named(string? name)
    {
        if (string.IsNullOrEmpty(name) || name == Everybody) return null;
        if (_byName.TryGetValue(name, out var exact)) return exact;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byPart.TryGetValue($"*{name.AsSpan(dot)}", out var wildcard) ? wildcard : null;
    }
}
