using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>The connection strings of the three roles: one for all, or up to three with separate logins.</summary>
/// <param name="Owner"><c>ConnectionStrings:timescale_owner</c>, or else <c>ConnectionStrings:timescale</c>.</param>
/// <param name="Writer"><c>ConnectionStrings:timescale</c>.</param>
/// <param name="Reader"><c>ConnectionStrings:timescale_reader</c>, or else <c>ConnectionStrings:timescale</c>.</param>
public sealed record DatabaseConnections(
    NpgsqlConnectionStringBuilder Owner, NpgsqlConnectionStringBuilder Writer, NpgsqlConnectionStringBuilder Reader)
{
    /// <summary>The name of the required connection string.</summary>
    public const string Name = "timescale";

    /// <summary>The name of the owner's connection string, for a separate login.</summary>
    public const string OwnerName = "timescale_owner";

    /// <summary>The name of the reader's connection string, for a separate login.</summary>
    public const string ReaderName = "timescale_reader";

    private const string Example = "for example Host=localhost;Port=5433;Database=cloudticks;Username=cloudticks;Password=...";

    /// <summary>Uses one login for all roles.</summary>
    public static DatabaseConnections Of(NpgsqlConnectionStringBuilder login) => new(login, login, login);

    /// <summary>Reads the connection strings.</summary>
    /// <param name="find">Finds a connection string by name; null or empty when it is not set.</param>
    /// <exception cref="FormatException">
    /// A connection string is missing or invalid, or two of them name different databases. The message says what to set and contains no
    /// secret.
    /// </exception>
    public static DatabaseConnections Parse(Func<string, string?> find)
    {
        var writer = Parse(find(Name), Name);
        return new DatabaseConnections(Other(OwnerName), writer, Other(ReaderName));

        NpgsqlConnectionStringBuilder Other(string name)
        {
            if (string.IsNullOrWhiteSpace(find(name)))
            {
                return writer;
            }

            var other = Parse(find(name), name);
            return other.Database == writer.Database ? other
                : throw new FormatException(
                    $"ConnectionStrings__{name} names database {other.Database}, but ConnectionStrings__{Name} names "
                    + $"{writer.Database}: use the same database.");
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string? connectionString, string name)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new FormatException($"The connection string of TimescaleDB is missing: set ConnectionStrings__{name}, {Example}.");
        }

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "cloudticks" };
            return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)
                ? throw new FormatException(
                    $"The connection string of TimescaleDB lacks a host or a database: set ConnectionStrings__{name}, {Example}.")
                : settings;
        }
        catch (ArgumentException wrong)
        {
            // Npgsql's message names the invalid key, which may be part of a password with a semicolon.
            throw new FormatException(
                $"The connection string of TimescaleDB cannot be read: set ConnectionStrings__{name}, {Example}.", wrong);
        }
    }
}
