using Granary.Language;

namespace Granary.Edge.Tests.Partial;

/// <summary>Objects larger than what the store takes as one response.</summary>
public sealed class TooLargeTests : IAsyncLifetime
{
    private const long Mi = LargeFile.Mi;

    private readonly Origin _origin = Origin.Starts();
    private readonly LargeFile _file = new(12 * Mi);
    private OneProcess _process = null!;

    public async Task InitializeAsync()
    {
        _process = await OneProcess.Starts(_origin, ["--memory", "64MiB", "--Granary:Store:MaxResponseSize", "3MiB"]);
        _origin.Acts("/film", _file.Serve);
    }

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Ranges_of_an_object_too_large_to_store_are_stored_also_at_its_beginning()
    {
        using var client = _process.Client();
        await client.Asks("/film").Gets(200, _file.Tail(0), Outcome.NotStored);
        await client.Asks("/film", "Range: bytes=0-99").Gets(206, _file.Bytes(0, 99), Outcome.Stored);
        await client.Asks("/film", "Range: bytes=0-99").Gets(206, _file.Bytes(0, 99), Outcome.Hit);
        _origin.WasAsked("/film", "Range: bytes=0-1048575");
        _origin.WasAsked("/film", 2);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task A_range_too_large_to_store_passes_to_the_one_that_asked()
    {
        using var client = _process.Client();
        await client.Asks("/film", $"Range: bytes={4 * Mi + 7}-").Gets(206, _file.Tail(4 * Mi + 7), Outcome.NotStored);
        await client.Asks("/film", $"Range: bytes={4 * Mi + 7}-").Gets(206, _file.Tail(4 * Mi + 7), Outcome.NotStored);
        _origin.WasAsked("/film", 2);
    }

    [Fact]
    public async Task With_more_missing_than_may_be_stored_a_range_is_passed_and_the_whole_fetched()
    {
        using var client = _process.Client();
        await client.Asks("/film", $"Range: bytes={4 * Mi}-{4 * Mi}").Gets(206, _file.Bytes(4 * Mi, 4 * Mi), Outcome.Stored);
        await client.Asks("/film", $"Range: bytes={4 * Mi}-{10 * Mi}").Gets(206, _file.Bytes(4 * Mi, 10 * Mi), Outcome.NotStored);
        await client.Asks("/film").Gets(200, _file.Tail(0), Outcome.NotStored);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task A_whole_put_together_from_parts_may_be_larger_than_one_response()
    {
        using var client = _process.Client();
        for (var first = 2 * Mi; first < 12 * Mi; first += 2 * Mi)
            await client.Asks("/film", $"Range: bytes={first}-{first + 2 * Mi - 1}").Gets(206, _file.Bytes(first, first + 2 * Mi - 1));
        await client.Asks("/film").Gets(200, _file.Tail(0), new Outcome("fwd=partial", p => p.Contains("fwd=partial")));
        await client.Asks("/film").Gets(200, _file.Tail(0), Outcome.Hit);
        _origin.WasAsked("/film", 6);
    }
}
