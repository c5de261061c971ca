using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Tests.Configuration;

public sealed class ValueTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5 s", 5_000)]
    [InlineData("2m", 120_000)]
    [InlineData("2M", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("00:00:05", 5_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("0", 0)]
    public void A_duration_is_read(string text, double milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.Parse(text));

    [Theory]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("five s")]
    [InlineData("5 sec")]
    [InlineData("99999999999999999999999999999999d")]
    public void What_is_no_duration_is_not_read_as_one(string text) => Assert.Null(Duration.Parse(text));

    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("10B", 10)]
    [InlineData("512KB", 512_000)]
    [InlineData("512KiB", 524_288)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("512mib", 536_870_912)]
    [InlineData("512Mi", 536_870_912)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("1TiB", 1_099_511_627_776)]
    public void A_size_is_read(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text, percentAllowed: false));

    [Fact]
    public void A_share_is_of_the_memory_limit_of_the_process() =>
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, ByteSize.Parse("50%", percentAllowed: true));

    [Theory]
    [InlineData("5s")]
    [InlineData("1m")]
    [InlineData("1h")]
    [InlineData("90s")]
    [InlineData("250ms")]
    [InlineData("0")]
    public void What_is_shown_of_a_duration_can_be_read_again(string text) => Assert.Equal(Duration.Parse(text), Duration.Parse(Duration.Show(Duration.Parse(text)!.Value)));

    [Theory]
    [InlineData("http://localhost", true, "http://localhost:80")]
    [InlineData("https://127.0.0.1/", true, "https://127.0.0.1:443")]
    [InlineData("http://[::1]:0", true, "http://[::1]:0")]
    [InlineData("HTTP://LOCALHOST:1", true, "http://localhost:1")]
    [InlineData("http://*:80", false, "http://*:80")]
    [InlineData("http://+:80", false, "http://+:80")]
    [InlineData("http://0.0.0.0:80", false, "http://0.0.0.0:80")]
    [InlineData("http://[::]:80", false, "http://[::]:80")]
    public void A_listen_address_is_read_and_knows_whether_only_this_machine_reaches_it(string text, bool isLoopback, string shown)
    {
        var address = ListenAddress.Parse(text);

        Assert.NotNull(address);
        Assert.Equal((isLoopback, shown), (address.IsLoopback, address.ToString()));
    }
}
