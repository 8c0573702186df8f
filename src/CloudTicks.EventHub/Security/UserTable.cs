using System.Security.Cryptography;
using System.Text;
using CloudTicks.EventHub.Settings;
using ServiceDefaults.Access;

namespace CloudTicks.EventHub.Security;

/// <summary>Users that may log in, with password digests keyed by the process: every comparison takes the same time.</summary>
internal sealed class UserTable
{
    /// <summary>The name under which Event Hubs' clients send a whole connection string as the password.</summary>
    public const string ConnectionStringUser = "$ConnectionString";

    private const int MostUsers = 10_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Dictionary<string, byte[]> _digests = new(StringComparer.Ordinal);
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <exception cref="HubStartException">A user has no name or no password, or a name comes twice.</exception>
    public UserTable(IEnumerable<UserOptions> users)
    {
        foreach (var user in users)
        {
            if (user.Name.Length == 0 || user.Password.Length == 0 || user.Name.Contains('\0', StringComparison.Ordinal))
            {
                throw new HubStartException($"User {_digests.Count + 1} of the event hub has no name or no password.");
            }

            if (user.Name == ConnectionStringUser)
            {
                throw new HubStartException(
                    $"{ConnectionStringUser} is no name for a user: name the user as the SharedAccessKeyName of the connection string, its "
                        + "SharedAccessKey is the password.");
            }

            if (!_digests.TryAdd(user.Name, Digest(user.Password)))
            {
                throw new HubStartException($"The user {user.Name} of the event hub is there twice.");
            }
        }

        if (_digests.Count > MostUsers)
        {
            throw new HubStartException($"The event hub takes {MostUsers} users at most.");
        }
    }

    public int Count => _digests.Count;

    public bool Knows(string name) => _digests.ContainsKey(name);

    /// <summary>True when the user is known and this is the password.</summary>
    public bool Verify(string name, string password)
    {
        var known = _digests.TryGetValue(name, out var digest);
        return SecretText.AreEqual(Digest(password), digest ?? _nobody) & known;
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
