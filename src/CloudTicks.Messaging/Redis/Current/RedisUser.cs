using StackExchange.Redis;

namespace CloudTicks.Messaging.Redis;

/// <summary>Users of Redis 6 and later.</summary>
internal static class RedisUser
{
    /// <summary>Every user can log in.</summary>
    public static void Check(string user)
    {
        _ = user;
    }

    public static void Set(ConfigurationOptions options, string user) => options.User = user;
}
