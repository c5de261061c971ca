using Granary.Language;

namespace Granary.Edge.Tests.Tunnels;

/// <summary>A forward proxy with tunnels to every port and no way inside, for tests that leave no trace in it.</summary>
public sealed class ClosedProxy : IAsyncLifetime
{
    public OneProcess Process { get; private set; } = null!;

    public async Task InitializeAsync() => Process = await OneProcess.Starts(null, ["--Granary:Tunnels:Ports", "1-65535"]);

    public async Task DisposeAsync() => await Process.DisposeAsync();
}
