using Granary.Grains.Certificates;
using Granary.Silo.Tls;

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
        foreach (var mistake in Of("Granary:Inspection", settings.Inspection.Files).Concat(OfAuthority("Granary:Inspection", settings.Inspection))) yield return mistake;
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

    private static IEnumerable<(string, string, string?, string)> OfAuthority(string record, InspectionSettings inspection)
    {
        if (inspection.Files is not { } files) yield break;
        if (files.Read() is CertificateReading.Complete { Leaf: var authority } && !SigningFiles.MaySign(authority)) yield return (record, $"{record}:Certificate", files.Certificate, SigningFiles.NoAuthority);
        if (!inspection.SharedKey && SigningFiles.MayOthersRead(files)) yield return (record, $"{record}:{(files.Key is null ? "Certificate" : "Key")}", files.Key ?? files.Certificate, SigningFiles.ReadByOthers);
    }
}
