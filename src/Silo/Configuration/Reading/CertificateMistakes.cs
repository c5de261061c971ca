using Granary.Grains.Certificates;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Certificate files that are there and cannot be used. They are told with all other mistakes, but not where a key beside them is mistaken already.</summary>
internal static class CertificateMistakes
{
    private const string NoneInIt = "a PEM file with a certificate; there is none in it";

    public static IEnumerable<ConfigurationMistake> In(GranarySettings settings, IReadOnlyCollection<ConfigurationMistake> others, Func<string, ConfigurationLayer.Written?> written)
    {
        foreach (var (record, key, value, allowed) in Find(settings).ToArray())
            if (!others.Any(other => other.Key.StartsWith($"{record}:", StringComparison.OrdinalIgnoreCase))) yield return new(key, value, allowed) { WrittenAs = written(key)?.As };
    }

    private static IEnumerable<(string Record, string Key, string? Value, string Allowed)> Find(GranarySettings settings)
    {
        for (var i = 0; i < settings.Tls.Certificates.Length; i++)
            foreach (var mistake in Of($"Granary:Tls:Certificates:{i}", settings.Tls.Certificates[i].Files)) yield return mistake;
        foreach (var mistake in Of("Granary:Fetch:Tls", settings.Fetch.Tls.Files)) yield return mistake;
        if (settings.Tls.ClientAuthority is { } clients && !Authorities.AreIn(clients)) yield return ("Granary:Tls:ClientAuthority", "Granary:Tls:ClientAuthority", clients, NoneInIt);
        if (settings.Fetch.Tls.Authority is { } origins && !Authorities.AreIn(origins)) yield return ("Granary:Fetch:Tls:Authority", "Granary:Fetch:Tls:Authority", origins, NoneInIt);
    }

    private static IEnumerable<(string, string, string?, string)> Of(string record, CertificateFiles? files)
    {
        if (files is null) yield break;
        if (files is { PasswordFile: not null, PasswordVariable: { } variable }) yield return (record, $"{record}:PasswordVariable", variable, "the password either here or in PasswordFile");
        if (files.Read() is not CertificateReading.Refused(var why)) yield break;
        var isOfKey = why is CertificateFault.KeyDoesNotMatch or CertificateFault.NoKey && files.Key is not null;
        yield return (record, isOfKey ? $"{record}:Key" : $"{record}:Certificate", isOfKey ? files.Key : files.Certificate, why.Remedy());
    }
}
