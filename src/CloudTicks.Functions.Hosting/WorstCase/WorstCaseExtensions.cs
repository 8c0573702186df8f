using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>Wiring of the test mode.</summary>
internal static class WorstCaseExtensions
{
    /// <summary>Reads whether and how bad the host is to be.</summary>
    public static void AddWorstCase(this IServiceCollection services) => services.AddOptions<WorstCaseOptions>()
        .Configure<IConfiguration>((options, settings) => settings.GetSection(WorstCaseOptions.Section).Bind(options))
        .ValidateDataAnnotations()
        .ValidateOnStart();
}
