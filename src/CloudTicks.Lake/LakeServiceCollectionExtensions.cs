using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Lake;

/// <summary>Registers the services of the lake.</summary>
public static class LakeServiceCollectionExtensions
{
    /// <summary>Adds <see cref="LakeConsumer"/> and <see cref="LakeReader"/>; the event stream must already be registered.</summary>
    public static IServiceCollection AddLake(this IServiceCollection services)
    {
        services.AddLakeReading();
        services.AddSingleton<LakeMetrics>();
        services.AddSingleton(provider => new LakeConsumer(
            provider.GetRequiredService<EventStreamConnection>(), provider.GetRequiredService<StreamPositions>(),
            provider.GetRequiredService<RecordConsumer>(), provider.GetRequiredService<IOptions<LakeOptions>>(),
            name => provider.GetRequiredService<IConfiguration>()[name], provider.GetRequiredService<LakeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }

    /// <summary>Adds only <see cref="LakeReader"/>, for a process that does not write the lake.</summary>
    public static IServiceCollection AddLakeReading(this IServiceCollection services)
    {
        services.AddOptions<LakeOptions>().BindConfiguration(LakeOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LakeOptions>, LakeOptionsValidation>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<LakeOptions>>().Value;
            var (configuration, time) = (provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<TimeProvider>());
            var store = options.Location is { } location
                ? LakeStores.Open(location, options.CacheFolder, options.CacheBytes, name => configuration[name], time) : null;
            return new LakeReader(store, options.ReadMemoryBytes, time);
        });
        return services;
    }
}
