using CloudTicks.Messaging.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Collection.Redis;

internal static class RedisServiceCollectionExtensions
{
    private const string ConnectionName = "redis";

    /// <summary>Adds <see cref="RedisOutlet"/> if the connection string <c>redis</c> is set.</summary>
    /// <exception cref="FormatException">
    /// The connection string is invalid. The message does not repeat it, because it may hold a password.
    /// </exception>
    public static void AddRedisOutlet(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } address)
        {
            return;
        }

        services.AddSingleton(RedisConnectionSettings.Parse(address));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RedisPublisher>();
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisOutlet>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisOutlet>());
    }
}
