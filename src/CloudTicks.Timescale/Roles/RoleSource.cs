using CloudTicks.Timescale.Editions;
using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>
/// Connections that take a role as soon as they are open, whatever their login may do beyond it. In a database that does not have the role,
/// or did not grant it anything, or whose login may not take it, they go on as their login; <see cref="Schema.SchemaMigrator"/> says so.
/// </summary>
public static class RoleSource
{
    private const int SecondsToTake = 5;

    /// <summary>Makes a source of such connections; it connects when it is asked.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read; the message may hold a piece of it.</exception>
    public static NpgsqlDataSource Create(string connectionString, DatabaseRole role) =>
        Create(new NpgsqlConnectionStringBuilder(connectionString), role);

    /// <summary>Makes a source of such connections; it connects when it is asked.</summary>
    public static NpgsqlDataSource Create(NpgsqlConnectionStringBuilder settings, DatabaseRole role)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // What Npgsql does to a connection on its way back into the pool would give the login's own rights back to it.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var take = Take(connection, role);
                take.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var take = Take(connection, role);
                await take.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    private static NpgsqlCommand Take(NpgsqlConnection connection, DatabaseRole role) =>
        new($"{RoleNames.TakeWhereGranted(role)}; {CompressionStatements.UnpackAsMuchAsNeeded}", connection)
        {
            CommandTimeout = SecondsToTake,
        };
}
