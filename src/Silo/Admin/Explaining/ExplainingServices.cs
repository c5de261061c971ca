namespace Granary.Silo.Admin.Explaining;

/// <summary>What <c>GET /explain</c> needs.</summary>
internal static class ExplainingServices
{
    public static IServiceCollection AddExplaining<T>(this IServiceCollection services)
        where T : class, IExplaining => services.AddSingleton<IExplaining, T>().AddSingleton<ExplainEndpoint>();
}
