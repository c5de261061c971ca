using System.Diagnostics.Metrics;
using Granary.Edge.Access;
using Granary.Edge.Users.Bearer;
using Granary.Edge.Users.Passwords;
using Granary.Silo.Configuration;

namespace Granary.Edge.Users;

/// <summary>Brings those who know clients into an edge.</summary>
internal static class UserServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services, ConfigurationOutcome.Valid valid) => services
        .AddSingleton(new Turns(valid.Settings.Users.Verifications))
        .AddSingleton<UserMeter>().AddSingleton<UserFiles>().AddSingleton<BearerTokens>()
        .AddSingleton(provider => new ForwardUsers(
            provider.GetRequiredService<ClientAccess>(), () => valid.Source.Current.Users, provider.GetRequiredService<UserFiles>(), provider.GetRequiredService<BearerTokens>(),
            provider.GetRequiredService<UserMeter>()));
}
