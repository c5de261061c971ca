using Granary.Edge.Policy.Lists;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy;

/// <summary>
/// The policy that holds now. It is compiled when settings change, with the file lists that are new in them loaded, and then swapped as a whole. Before the listeners open it is there.
/// </summary>
internal sealed class PolicyInForce(SettingsSource settings, PolicyLists lists, Readiness readiness, ILogger<PolicyInForce> logger) : IHostedService
{
    private const string Part = "policy";

    private readonly Lock _taking = new();
    private volatile AccessPolicy? _current;

    /// <summary>Null: there is none, everything is allowed.</summary>
    public AccessPolicy? Current => _current;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Take(settings.Current);
        settings.Changed += Take;
        if (lists.All.Any(static list => list.Now is null)) _ = WaitForLists();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        settings.Changed -= Take;
        return Task.CompletedTask;
    }

    private void Take(GranarySettings now)
    {
        lock (_taking)
        {
            _current = AccessPolicy.Of(now.Policy, lists.Take(now.Policy.Lists), now.Inspection.Except);
            if (_current is { } policy) logger.PolicyTaken(policy.Rules.Length, policy.Lists.Length, policy.Default);
        }
    }

    // What comes before the first look at its lists would meet rules that cannot tell.
    private async Task WaitForLists()
    {
        readiness.NotReady(Part, "Lists of the access policy are being loaded.");
        await lists.Tried;
        readiness.Ready(Part);
    }
}
