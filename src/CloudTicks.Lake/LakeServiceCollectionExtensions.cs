using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Lake;

/// <summary>Wiring of the lake.</summary>
public static class LakeServiceCollectionExtensions
{
    /// <summary>Adds <see cref="LakeConsumer"/>; the event stream must have been added.</summary>
    public static IServiceCollection AddLake(this IServiceCollection services)
    {
        services.AddOptions<LakeOptions>().BindConfiguration(LakeOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidation>();
        services.AddSingleton<LakeMetrics>();
        services.AddSingleton(provider => new LakeConsumer(
            provider.GetRequiredService<EventStreamConnection>(), provider.GetRequiredService<StreamPositions>(),
            provider.GetRequiredService<RecordConsumer>(), provider.GetRequiredService<IOptions<LakeOptions>>(),
            name => provider.GetRequiredService<IConfiguration>()[name], provider.GetRequiredService<LakeMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
