using CloudTicks.Timescale.Editions;
using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>
/// Data sources whose connections set a role when they open, to limit the login's rights. If the role does not exist, has no rights, or may
/// not be set by the login, the connections keep the login's rights, and <see cref="Schema.SchemaMigrator"/> logs this.
/// </summary>
public static class RoleSource
{
    private const int TimeoutSeconds = 5;

    /// <summary>Creates a data source. It connects on first use.</summary>
    /// <exception cref="ArgumentException">The connection string is invalid. The message may contain a part of it.</exception>
    public static NpgsqlDataSource Create(string connectionString, DatabaseRole role) =>
        Create(new NpgsqlConnectionStringBuilder(connectionString), role);

    /// <summary>Creates a data source. It connects on first use.</summary>
    public static NpgsqlDataSource Create(NpgsqlConnectionStringBuilder settings, DatabaseRole role)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // Npgsql's reset of pooled connections would restore the login's rights.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var setRole = SetRole(connection, role);
                setRole.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var setRole = SetRole(connection, role);
                await setRole.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    private static NpgsqlCommand SetRole(NpgsqlConnection connection, DatabaseRole role) =>
        new($"{RoleNames.SetRoleIfGranted(role)}; {CompressionStatements.RemoveUnpackLimit}", connection)
        {
            CommandTimeout = TimeoutSeconds,
        };
}
