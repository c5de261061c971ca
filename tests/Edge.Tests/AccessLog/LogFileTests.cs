using System.Text;
using Granary.Edge.AccessLog;
using Granary.Language;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.AccessLog;

public sealed class LogFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-log-");
    private readonly Clock _clock = new();

    private string Here => Path.Combine(_directory.FullName, "access.log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Lines_are_put_behind_those_that_are_there()
    {
        File.WriteAllText(Here, "before\n");
        using (var file = Opens()) Write(file, "one\n", "two\n");
        Assert.Equal("before\none\ntwo\n", File.ReadAllText(Here));
    }

    [Fact]
    public void A_file_that_would_grow_too_large_is_renamed_and_so_many_are_kept()
    {
        using var file = Opens(new AccessLogSettings { MaxSize = 10, Keep = 2 });
        Write(file, "first 12\n", "second 1\n", "third 12\n", "fourth 1\n");
        Assert.Equal(["fourth 1\n", "third 12\n", "second 1\n"], new[] { Here, Here + ".1", Here + ".2" }.Select(File.ReadAllText));
        Assert.False(File.Exists(Here + ".3"));
    }

    [Fact]
    public void A_line_longer_than_that_is_written_all_the_same()
    {
        using var file = Opens(new AccessLogSettings { MaxSize = 4, Keep = 1 });
        Write(file, "a long line\n");
        Assert.Equal("a long line\n", File.ReadAllText(Here));
    }

    [Theory]
    [InlineData("renamed")]
    [InlineData("deleted")]
    [InlineData("truncated")]
    public void A_file_that_somebody_rotates_is_begun_anew(string how)
    {
        using var file = Opens();
        Write(file, "one\n");
        if (how == "renamed") File.Move(Here, Here + ".old");
        else if (how == "deleted") File.Delete(Here);
        else using (var truncated = File.Open(Here, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite })) truncated.SetLength(0);
        _clock.Passes(1.Seconds());
        Write(file, "two\n");
        Assert.Equal("two\n", File.ReadAllText(Here));
        if (how == "renamed") Assert.Equal("one\n", File.ReadAllText(Here + ".old"));
    }

    [Fact, Trait("Fault", "53")]
    public void Where_it_cannot_be_written_it_is_tried_again_with_the_next_lines()
    {
        using var file = Opens();
        Directory.CreateDirectory(Here);
        Assert.ThrowsAny<Exception>(() => Write(file, "lost\n"));
        Directory.Delete(Here);
        Write(file, "kept\n");
        Assert.Equal("kept\n", File.ReadAllText(Here));
    }

    private LogFile Opens(AccessLogSettings? settings = null) => new(Here, () => settings ?? new AccessLogSettings(), _clock.Time);

    private static void Write(LogFile file, params string[] lines)
    {
        foreach (var line in lines) file.Write(Encoding.UTF8.GetBytes(line));
    }
}
