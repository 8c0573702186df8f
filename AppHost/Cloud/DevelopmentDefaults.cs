using System.Runtime.CompilerServices;

namespace CloudTicks.AppHost;

/// <summary>
/// What Aspire's templates say in Properties/launchSettings.json. Here it is code, because <c>dotnet run</c> reads that file whatever the
/// flavour, and announces it on standard output, where the default flavour writes reports. The environment's own values come first.
/// </summary>
internal static class DevelopmentDefaults
{
    private static readonly string[] EnvironmentNames = ["DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "ASPIRE_ENVIRONMENT"];

    /// <summary>Before the builder is made: it reads the environment, and the user secrets in Development alone.</summary>
    [ModuleInitializer]
    internal static void Apply()
    {
        // In Production the generated password of PostgreSQL is not kept, and the next start does not open its own volume.
        if (Array.TrueForAll(EnvironmentNames, name => Environment.GetEnvironmentVariable(name) is null))
        {
            Environment.SetEnvironmentVariable("DOTNET_ENVIRONMENT", "Development");
        }

        // Aspire's dashboard, on this machine alone and so without TLS.
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
