using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Hosting.WorstCase;

internal static class WorstCaseExtensions
{
    public static void AddWorstCase(this IServiceCollection services) => services.AddOptions<WorstCaseOptions>()
        .Configure<IConfiguration>((options, settings) => settings.GetSection(WorstCaseOptions.Section).Bind(options))
        .ValidateDataAnnotations()
        .ValidateOnStart();
}
