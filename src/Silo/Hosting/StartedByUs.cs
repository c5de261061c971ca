namespace Granary.Silo.Hosting;

/// <summary>
/// What Orleans would start and stop with the host. Starting waits until there is a cluster, and the host's start waits for it: neither health nor anything else would
/// answer meanwhile. So it is taken out of the host's hands and started beside it.
/// </summary>
public sealed class StartedByUs
{
    private readonly ServiceDescriptor _service;

    private StartedByUs(ServiceDescriptor service) => _service = service;

    /// <summary>Does what adds Orleans' hosted service, and takes that service out.</summary>
    public static StartedByUs Take(IServiceCollection services, Action add)
    {
        var before = services.Where(IsHosted).ToHashSet();
        add();
        var added = services.Single(service => IsHosted(service) && !before.Contains(service) && !IsOurs(service));
        services.Remove(added);
        return new StartedByUs(added);
    }

    public IHostedService Make(IServiceProvider provider) =>
        (IHostedService)(_service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, _service.ImplementationType!));

    private static bool IsOurs(ServiceDescriptor service) => service.ImplementationType?.Namespace?.StartsWith("Granary.", StringComparison.Ordinal) == true;

    private static bool IsHosted(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService);
}
