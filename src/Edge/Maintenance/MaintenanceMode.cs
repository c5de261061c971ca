using Granary.Edge.Errors;
using Granary.Edge.Routing;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;

namespace Granary.Edge.Maintenance;

/// <summary>While it is on, no origin of the reverse proxy is asked for anybody but those excepted; what is stored and fresh may be served. The admin switch comes before the setting.</summary>
internal sealed class MaintenanceMode(Func<MaintenanceSettings> settings)
{
    // 0: as the setting says.
    private volatile int _switched;

    public bool IsOn => _switched != 0 ? _switched > 0 : settings().On;

    /// <summary>Null: as the setting says.</summary>
    public bool? Switched
    {
        get => _switched == 0 ? null : _switched > 0;
        set => _switched = value switch { null => 0, true => 1, false => -1 };
    }

    public bool AnswersFromCache => settings().AnswerFromCache;

    public ForwardError Error => ForwardError.Maintenance((int)settings().RetryAfter.TotalSeconds);

    public bool HoldsFor(HttpContext context, Destination.Origin destination) =>
        destination.IsReverse && IsOn && !(context.Connection.RemoteIpAddress is { } client && settings().Except.Contains(client));

    /// <summary>As the owner is asked meanwhile: RFC 9111 §5.2.1.7.</summary>
    public static RequestHead OnlyIfCached(RequestHead presented) => presented with { Fields = presented.Fields.Add(Semantics.Fields.FieldNames.CacheControl, "only-if-cached") };
}
