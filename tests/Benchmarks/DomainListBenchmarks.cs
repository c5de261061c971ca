using System.Text;
using BenchmarkDotNet.Attributes;
using Granary.Edge.Policy.Lists;

namespace Granary.Benchmarks;

/// <summary>A host looked up in a list of a million domains, another one each time. Below a microsecond, and nothing allocated.</summary>
[MemoryDiagnoser]
public class DomainListBenchmarks
{
    private const int Hosts = 1 << 16;

    private DomainList _list = DomainList.Empty;
    private string[] _hosts = [];
    private int _next;

    /// <summary>Share of the hosts that are in the list, in percent.</summary>
    [Params(0, 50)]
    public int Covered { get; set; }

    [GlobalSetup]
    public void Load()
    {
        using var text = new MemoryStream();
        for (var i = 0; i < 1_000_000; i++) text.Write(Encoding.ASCII.GetBytes($"0.0.0.0 {Name(i)}\n"));
        text.Position = 0;
        _list = ListReading.Of(text, text.Length, CancellationToken.None).GetAwaiter().GetResult().Domains;
        var random = new Random(7);
        _hosts = [.. Enumerable.Range(0, Hosts).Select(_ => $"www.{Name(random.Next(1_000_000) + (random.Next(100) < Covered ? 0 : 1_000_000))}")];
    }

    [Benchmark]
    public bool LookUp() => _list.Covers(_hosts[_next++ & (Hosts - 1)], isAddress: false);

    private static string Name(int i) => $"tracker-{i:x}.advertising-{i % 977}.example";
}
