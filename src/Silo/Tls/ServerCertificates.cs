using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Logging;

namespace Granary.Silo.Tls;

/// <summary>
/// The certificates of the listeners. Their files are looked at every few seconds, and when the settings change; a handshake takes the table that is there, so it
/// waits for no file and meets no half of a change.
/// </summary>
public sealed class ServerCertificates : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly SettingsSource _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private ImmutableArray<KeptCertificate> _kept = [];
    private volatile CertificateTable _table = CertificateTable.Empty;
    private ITimer? _timer;

    public ServerCertificates(SettingsSource settings, TimeProvider clock, ILogger<ServerCertificates> logger, IMeterFactory meters)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        meters.Create("Granary.Tls").CreateObservableGauge(
            "granary.tls.certificate.expires", Remaining, "s", "Time until a certificate of a listener expires, by the first name in it.");
        Look();
        settings.Changed += Changed;
    }

    /// <summary>Null: the handshake is to be refused.</summary>
    internal ServingCertificate? For(string? name) => _table.For(name, _settings.Current.Tls.UnknownHosts is UnknownHosts.Refuse);

    /// <summary>Looks at the files now.</summary>
    public void Look()
    {
        lock (_looking)
        {
            var wanted = _settings.Current.Tls.Certificates;
            if (wanted.IsEmpty) return; // listeners that have shown ours go on showing them until a restart
            _kept = [.. wanted.Select(one => _kept.FirstOrDefault(kept => kept.Files == one.Files) ?? new KeptCertificate(one.Files!))];
            for (var i = 0; i < _kept.Length; i++) Tell(wanted[i], _kept[i].Look());
            _table = new CertificateTable([.. wanted.Zip(_kept).Where(static both => both.Second.Serving is not null).Select(static both => (NamesOf(both.First, both.Second.Serving!), both.Second.Serving!))]);
            _timer ??= _clock.CreateTimer(static me => ((ServerCertificates)me!).Look(), this, Period, Period);
        }
    }

    public void Dispose()
    {
        _settings.Changed -= Changed;
        _timer?.Dispose();
    }

    private void Changed(GranarySettings settings) => Look();

    private static IEnumerable<string> NamesOf(CertificateSettings certificate, ServingCertificate serving) =>
        certificate.Hosts.IsEmpty ? serving.Certificate.Names : certificate.Hosts;

    private void Tell(CertificateSettings certificate, CertificateNews news)
    {
        switch (news)
        {
            case CertificateNews.Taken(var taken): Tell(certificate, taken); break;
            case CertificateNews.Broken(var why): _logger.CertificateKept(certificate.Certificate!, why.Remedy()); break;
        }
    }

    private void Tell(CertificateSettings certificate, CertificateReading.Complete taken)
    {
        var now = _clock.GetUtcNow();
        if (taken.Expires <= now || taken.Leaf.NotBefore.ToUniversalTime() > now.UtcDateTime) _logger.CertificateOutOfDate(certificate.Certificate!, taken.Leaf.NotBefore.ToUniversalTime(), taken.Expires);
        else _logger.CertificateTaken(certificate.Certificate!, taken.Expires);
        foreach (var host in certificate.Hosts)
            if (host != CertificateTable.Everybody && !taken.Leaf.MatchesHostname(host.Replace("*", "any", StringComparison.Ordinal), allowWildcards: true, allowCommonName: false)) _logger.CertificateWithoutName(certificate.Certificate!, host);
    }

    private IEnumerable<Measurement<double>> Remaining()
    {
        var now = _clock.GetUtcNow();
        foreach (var kept in _kept)
            if (kept.Serving?.Certificate is { } certificate)
                yield return new((certificate.Expires - now).TotalSeconds, new KeyValuePair<string, object?>("name", certificate.Names.FirstOrDefault() ?? certificate.Leaf.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false)));
    }
}
