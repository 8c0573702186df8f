using System.Security.Cryptography;
using System.Text;
using CloudTicks.EventHub.Settings;
using ServiceDefaults.Access;

namespace CloudTicks.EventHub.Security;

/// <summary>The users that may log in. Passwords are stored as keyed digests, so that every comparison takes the same time.</summary>
internal sealed class UserTable
{
    /// <summary>The user name with which clients of Event Hubs send a connection string as the password.</summary>
    public const string ConnectionStringUser = "$ConnectionString";

    private const int MaxUsers = 10_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Dictionary<string, byte[]> _digests = new(StringComparer.Ordinal);
    private readonly byte[] _unknownDigest = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <exception cref="HubStartException">
    /// A user has no password or no valid name, a name occurs twice, or there are too many users.
    /// </exception>
    public UserTable(IEnumerable<UserOptions> users)
    {
        foreach (var user in users)
        {
            if (user.Name.Length == 0 || user.Password.Length == 0 || user.Name.Contains('\0', StringComparison.Ordinal))
            {
                throw new HubStartException(
                    $"User {_digests.Count + 1} of the event hub lacks a name or a password, or its name contains a NUL character.");
            }

            if (user.Name == ConnectionStringUser)
            {
                throw new HubStartException(
                    $"{ConnectionStringUser} is not a valid user name: use the connection string's SharedAccessKeyName as the name and its "
                        + "SharedAccessKey as the password.");
            }

            if (!_digests.TryAdd(user.Name, Digest(user.Password)))
            {
                throw new HubStartException($"The user {user.Name} of the event hub is defined twice.");
            }
        }

        if (_digests.Count > MaxUsers)
        {
            throw new HubStartException($"The event hub supports at most {MaxUsers} users.");
        }
    }

    public int Count => _digests.Count;

    public bool Contains(string name) => _digests.ContainsKey(name);

    /// <summary>True for a known user with the correct password.</summary>
    public bool Verify(string name, string password)
    {
        var isKnown = _digests.TryGetValue(name, out var digest);
        return SecretText.AreEqual(Digest(password), digest ?? _unknownDigest) & isKnown;
    }

    private byte[] Digest(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return HMACSHA256.HashData(_key, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
