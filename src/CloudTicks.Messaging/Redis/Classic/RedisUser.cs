using StackExchange.Redis;

namespace CloudTicks.Messaging.Redis;

/// <summary>Rejects named users (Redis 6 and later): this client logs in with only a password, as the user <c>default</c>.</summary>
internal static class RedisUser
{
    private const string Default = "default";

    /// <exception cref="FormatException">The client cannot log in as this user.</exception>
    public static void Check(string user)
    {
        if (user.Length > 0 && user != Default)
        {
            throw new FormatException(
                "The address of Redis names a user, but the client of this build can only log in as the user 'default': remove the user "
                    + "and use the password of 'default', or build with CloudPackages=true.");
        }
    }

    public static void Set(ConfigurationOptions options, string user)
    {
        _ = options;
        Check(user);
    }
}
