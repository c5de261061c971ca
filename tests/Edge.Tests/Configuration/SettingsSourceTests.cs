using Granary.Silo.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Configuration;

public sealed class SettingsSourceTests : IDisposable
{
    private readonly ConfigFile _file = ConfigFile.With("""{"Granary":{"Fetch":{"HeadTimeout":"10s"}}}""");
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger<SettingsSource> _log = new();

    [Fact]
    public void Given_a_changed_file_when_time_passes_then_the_new_settings_hold_and_listeners_are_told()
    {
        using var source = Watched(out var configuration);
        var told = new List<TimeSpan>();
        source.Changed += settings => told.Add(settings.Fetch.HeadTimeout);

        Changes("""{"Granary":{"Fetch":{"HeadTimeout":"20s"}},"ReverseProxy":{"x":"1"}}""");

        Assert.Equal(TimeSpan.FromSeconds(20), source.Current.Fetch.HeadTimeout);
        Assert.Equal([TimeSpan.FromSeconds(20)], told);
        Assert.Equal("1", configuration["ReverseProxy:x"]);
    }

    [Theory]
    [InlineData("""{"Granary":{"Fetch":{"HeadTimeout":"soon"}}}""", 1)]
    [InlineData("""{"Granary":{"Fetch":{"HeadTimeout":"soon","Slow":1}}}""", 2)]
    [InlineData("{", 1)]
    [InlineData("", 1)]
    public void Given_a_broken_file_then_the_old_settings_stay_and_every_mistake_is_logged_once(string broken, int mistakes)
    {
        using var source = Watched(out var configuration);

        Changes(broken);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(10), source.Current.Fetch.HeadTimeout);
        Assert.Equal("10s", configuration["Granary:Fetch:HeadTimeout"]);
        Assert.Equal(mistakes, _log.Events.Count(e => e == "SettingsKept"));
    }

    [Fact]
    public void Given_a_file_that_vanishes_and_returns_then_the_old_settings_stay_until_it_is_back()
    {
        using var source = Watched(out _);

        _file.Vanishes();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), source.Current.Fetch.HeadTimeout);
        Assert.Equal(["SettingsKept"], _log.Events);

        Changes("""{"Granary":{"Fetch":{"HeadTimeout":"20s"}}}""");
        Assert.Equal(TimeSpan.FromSeconds(20), source.Current.Fetch.HeadTimeout);
    }

    [Fact]
    public void Given_a_changed_setting_that_needs_a_restart_then_it_is_said_and_the_old_value_is_what_holds()
    {
        using var source = Watched(out _);

        Changes("""{"Granary":{"Cluster":{"SiloPort":5},"Fetch":{"HeadTimeout":"20s"}}}""");

        Assert.Equal((11111, TimeSpan.FromSeconds(20)), (source.Current.Cluster.SiloPort, source.Current.Fetch.HeadTimeout));
        Assert.Equal(["SettingNeedsRestart", "SettingsReloaded"], _log.Events);
    }

    [Fact]
    public void Given_an_open_admin_listener_when_the_file_takes_the_token_away_then_nothing_changes_even_if_the_listener_would_move()
    {
        _file.Becomes("""{"Granary":{"Admin":{"Listen":"http://*:9000","Token":"s3cret"}}}""");
        using var source = Watched(out _);

        Changes("""{"Granary":{"Admin":{"Listen":"http://localhost:9000"}}}""");

        Assert.Equal("s3cret", source.Current.Admin.Token);
        Assert.Equal(["SettingsKept"], _log.Events);
    }

    [Fact]
    public void Given_a_listener_that_throws_then_the_settings_hold_all_the_same_and_the_fault_is_logged()
    {
        using var source = Watched(out var configuration);
        source.Changed += _ => throw new InvalidOperationException("not I");

        Changes("""{"Granary":{"Fetch":{"HeadTimeout":"20s"}}}""");

        Assert.Equal("20s", configuration["Granary:Fetch:HeadTimeout"]);
        Assert.Equal(["SettingsReloaded", "SettingsNotTaken"], _log.Events);
    }

    [Fact]
    public void Given_a_switch_then_a_changed_file_does_not_override_it()
    {
        using var source = Watched(out _, "--Granary:Fetch:HeadTimeout", "1s");

        Changes("""{"Granary":{"Fetch":{"HeadTimeout":"20s"}}}""");

        Assert.Equal(TimeSpan.FromSeconds(1), source.Current.Fetch.HeadTimeout);
    }

    public void Dispose() => _file.Dispose();

    private void Changes(string json)
    {
        _file.Becomes(json);
        _clock.Advance(TimeSpan.FromSeconds(2));
    }

    private SettingsSource Watched(out Microsoft.Extensions.Configuration.IConfiguration configuration, params string[] args)
    {
        var valid = Assert.IsType<ConfigurationOutcome.Valid>(GranaryConfiguration.Read(["--config", _file.Path, .. args], new Dictionary<string, string?>()));
        configuration = valid.Configuration;
        valid.Source.Watch(_clock, _log);
        return valid.Source;
    }
}
