using System.Net.Quic;
using Granary.Silo.Configuration;

namespace Granary.Edge.Listening.Tls;

/// <summary>HTTP/3 (RFC 9114), where it is asked for and the platform has it.</summary>
internal static class Http3
{
    public static bool IsSupported => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && QuicListener.IsSupported;

    public static bool IsOn(GranarySettings settings) => settings.Tls.Http3 && IsSupported;

    public static IWebHostBuilder UseHttp3(this IWebHostBuilder host, GranarySettings settings)
    {
        if (IsOn(settings) && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())) host.UseQuic();
        return host;
    }
}
