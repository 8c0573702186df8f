using Npgsql;

namespace CloudTicks.Verification.Places;

/// <summary>A database, and the file with its password.</summary>
public sealed record DatabaseAddress(string Host, int Port, string Name, string User, string PasswordFile)
{
    /// <summary>The connection settings.</summary>
    public NpgsqlConnectionStringBuilder Settings() =>
        new() { Host = Host, Port = Port, Database = Name, Username = User, Passfile = PasswordFile };
}
