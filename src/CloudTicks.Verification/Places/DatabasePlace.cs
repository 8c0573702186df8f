using Npgsql;

namespace CloudTicks.Verification.Places;

/// <summary>A database, and where its password is.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="Name">The database.</param>
/// <param name="User">The user.</param>
/// <param name="PasswordFile">A file in the form of PGPASSFILE.</param>
public sealed record DatabasePlace(string Host, int Port, string Name, string User, string PasswordFile)
{
    /// <summary>A connection to it.</summary>
    public NpgsqlConnectionStringBuilder Settings() =>
        new() { Host = Host, Port = Port, Database = Name, Username = User, Passfile = PasswordFile };
}
