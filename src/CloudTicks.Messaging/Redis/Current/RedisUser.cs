using StackExchange.Redis;

namespace CloudTicks.Messaging.Redis;

/// <summary>Logs in as a named user (Redis 6 and later).</summary>
internal static class RedisUser
{
    public static void Check(string user)
    {
        _ = user;
    }

    public static void Set(ConfigurationOptions options, string user) => options.User = user;
}
