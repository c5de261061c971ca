using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>The silos and edges by their places: who is killed is followed by another in the same place, and meanwhile nobody is there.</summary>
internal sealed class Places(Language.Cluster cluster)
{
    private readonly EdgeProcess?[] _edges = [.. cluster.Edges];
    private readonly SiloProcess?[] _silos = [.. cluster.Silos];

    public int Edges => _edges.Length;

    public int Silos => _silos.Length;

    public EdgeProcess? Edge(int place) => Volatile.Read(ref _edges[place]);

    public SiloProcess? Silo(int place) => Volatile.Read(ref _silos[place]);

    /// <summary>How many silos could take over from another.</summary>
    public async Task<int> ReadySilos()
    {
        var said = await Task.WhenAll(_silos.OfType<SiloProcess>().Where(static silo => silo.Process.IsRunning).Select(static silo => silo.Health.Readiness()));
        return said.Count(static word => word == "ready");
    }

    public Task Leaves(int place, bool isEdge, bool inOrder) => isEdge ? EdgeLeaves(place, inOrder) : SiloLeaves(place, inOrder);

    /// <summary>Another is there, and ready.</summary>
    public async Task Returns(int place, bool isEdge, string name)
    {
        if (isEdge)
        {
            var edge = await cluster.EdgeStarts();
            await edge.Health.IsReady();
            Volatile.Write(ref _edges[place], edge);
        }
        else
        {
            Volatile.Write(ref _silos[place], await cluster.Joins(name));
        }
    }

    private async Task EdgeLeaves(int place, bool inOrder)
    {
        var edge = Interlocked.Exchange(ref _edges[place], null)!;
        if (inOrder) await cluster.SendsAway(edge);
        else await cluster.Loses(edge);
    }

    private async Task SiloLeaves(int place, bool inOrder)
    {
        var silo = Interlocked.Exchange(ref _silos[place], null)!;
        if (inOrder) await cluster.SendsAway(silo);
        else await cluster.Loses(silo);
    }
}
