using Npgsql;

namespace CloudTicks.Verification.Places;

/// <summary>A database, and where its password is.</summary>
public sealed record DatabasePlace(string Host, int Port, string Name, string User, string PasswordFile)
{
    /// <summary>A connection to it.</summary>
    public NpgsqlConnectionStringBuilder Settings() =>
        new() { Host = Host, Port = Port, Database = Name, Username = User, Passfile = PasswordFile };
}
