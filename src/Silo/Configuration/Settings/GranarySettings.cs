using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>
/// Everything that can be set, read and found valid. Immutable; the property's path is the configuration key below <c>Granary</c>.
/// Edge and silo read the same keys, since they may share a file.
/// </summary>
public sealed record GranarySettings
{
    /// <summary>Default http://localhost:8080.</summary>
    [Listen("Where clients send their requests", several: true, Switch = "--listen", NeedsRestart = true)]
    public ImmutableArray<ListenAddress> Listen { get; init; } = [new(false, "localhost", null, 8080)];

    /// <summary>Default none: forward proxy, or YARP's <c>ReverseProxy</c> section.</summary>
    [OriginUrl("Reverse proxy: every request goes to this origin", Switch = "--origin", NeedsRestart = true,
        DefaultText = "none: forward proxy, or the routes of the ReverseProxy section")]
    public Uri? Origin { get; init; }

    /// <summary>Our name in <c>Via</c>, <c>CDN-Loop</c> and <c>Cache-Status</c>. Default granary.</summary>
    [Token("Our name in Via, CDN-Loop and Cache-Status", most: 64, NeedsRestart = true)]
    public string Pseudonym { get; init; } = "granary";

    public AdminSettings Admin { get; init; } = new();

    public ClusterSettings Cluster { get; init; } = new();

    public LeaseSettings Leases { get; init; } = new();

    public StoreSettings Store { get; init; } = new();

    public CacheSettings Cache { get; init; } = new();

    public FreshnessSettings Freshness { get; init; } = new();

    public CompressionSettings Compression { get; init; } = new();

    public AccessSettings Access { get; init; } = new();

    public FetchSettings Fetch { get; init; } = new();

    public ClientSettings Client { get; init; } = new();

    public ServerTlsSettings Tls { get; init; } = new();

    public TunnelSettings Tunnels { get; init; } = new();

    public HidingSettings Hiding { get; init; } = new();

    public ForwardingSettings Forwarding { get; init; } = new();

    public ErrorSettings Errors { get; init; } = new();

    public MaintenanceSettings Maintenance { get; init; } = new();

    /// <summary>Default none.</summary>
    public ImmutableArray<RateLimitSettings> RateLimits { get; init; } = [];

    /// <summary>Default none.</summary>
    public ImmutableArray<TcpSettings> Tcp { get; init; } = [];

    /// <summary>Of every request, before it is looked up or forwarded. Default none.</summary>
    public ImmutableArray<FieldRuleSettings> RequestFields { get; init; } = [];

    /// <summary>Of every response, as it leaves. Default none.</summary>
    public ImmutableArray<FieldRuleSettings> ResponseFields { get; init; } = [];

    /// <summary>Default none.</summary>
    public ImmutableArray<RedirectSettings> Redirects { get; init; } = [];

    public UserSettings Users { get; init; } = new();

    public AccessLogSettings AccessLog { get; init; } = new();

    public PolicySettings Policy { get; init; } = new();

    public PacSettings Pac { get; init; } = new();

    public EgressSettings Egress { get; init; } = new();

    public InspectionSettings Inspection { get; init; } = new();

    public TracingSettings Tracing { get; init; } = new();
}
