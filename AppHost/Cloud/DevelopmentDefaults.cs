using System.Runtime.CompilerServices;

namespace CloudTicks.AppHost;

/// <summary>
/// The settings that Aspire's templates put into Properties/launchSettings.json. They are code here because <c>dotnet run</c> reads that
/// file for both flavours and prints a notice on standard output, where the default flavour writes its report. Existing environment
/// variables take precedence.
/// </summary>
internal static class DevelopmentDefaults
{
    private static readonly string[] EnvironmentNames = ["DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "ASPIRE_ENVIRONMENT"];

    /// <summary>
    /// Runs before the builder is created, because the builder reads the environment, and reads user secrets only in Development.
    /// </summary>
    [ModuleInitializer]
    internal static void Apply()
    {
        // In Production the generated PostgreSQL password is not saved, so the next start could not open the existing volume.
        if (Array.TrueForAll(EnvironmentNames, name => Environment.GetEnvironmentVariable(name) is null))
        {
            Environment.SetEnvironmentVariable("DOTNET_ENVIRONMENT", "Development");
        }

        // Aspire's dashboard listens on loopback only, so it needs no TLS.
        SetDefault("ASPNETCORE_URLS", "http://localhost:15170");
        SetDefault("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:19170");
        SetDefault("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
    }

    private static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
