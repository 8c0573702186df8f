using CloudTicks.CentralHub.Store.Access;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.TestServices;

namespace CloudTicks.CentralHub.Store.Tests.Documents;

/// <summary>Migrates a database of an earlier version, in which the central hub's tables were not yet part of a separate project.</summary>
public class ExistingDatabaseTests(PostgresFixture postgres)
{
    /// <summary>
    /// Rows of <c>schema_migrations</c> in existing databases. Number, name and checksum never change.
    /// </summary>
    private static readonly string[] ReleasedMigrations =
    [
        "1 0001_market_ticks 24ca0428a341722fb8c88e0dd7319013295dcf529869e97ff0f4ea4571df422d",
        "2 0002_stream_offsets 3734beb8e76de9f0016c58d1fa3e394f1dcc729999fa04f24f7b28b65cbc08a3",
        "3 0003_feed_gaps 0e83c8bff0d7ea0e5c16c3afc2b44d4db21c084b4e083d3f659ea32ce9932a0a",
        "4 0004_central_hub fdfac508b823bc44703e80274ce194cef5b76796119e36db326cd63384231d10",
        "5 0005_roles 6369f9a832adfb34f0f43d57a2c9d4f814ed6f2d159a7fd97ac91a7fb4bf992d",
        "6 0006_missing_ticks 0fd468024c5b4a26ff17b7a8c63f3d35ad92a43a5030431d8b8096c3d56ecea7",
        "7 0007_registered_services 9884362612a8da61739f5a1e9acb41f3656455eba4912bfff153537fc050f65c",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_database_has_the_released_migrations()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        (await MigrationsAsync(database)).Take(ReleasedMigrations.Length).ShouldBe(ReleasedMigrations);
    }

    [Fact]
    public async Task Existing_database_is_migrated_and_keeps_its_data()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await RevertLastMigrationsAsync(database);
        await InsertRowsOfEarlierVersionAsync(database);

        await database.MigrateAsync();

        (await MigrationsAsync(database)).Take(ReleasedMigrations.Length).ShouldBe(ReleasedMigrations);
        (await new ConfigHeads(database.Source, TimeProvider.System).ReadAsync(Cancellation))
            .ShouldBe(new Dictionary<string, ServiceHead> { ["polygon-live-collector"] = new(2, 0) });
        var versions = await new ConfigHistory(database.Source, TimeProvider.System)
            .ListAsync("polygon-live-collector", null, 10, Cancellation);
        versions.Select(version => (version.Version, version.Document, version.Action, version.Author, version.Comment, version.CreatedMs))
            .ShouldBe(
            [(2, """{"operational":{"feed":"both"}}""", "rollback", "boss", "back", 2_000), (1, "{}", "patch", "research", null, 1_000)]);
        versions[0].Changes.ShouldBe(["feed: quotes -> both"]);
        (await new AccessKeyTable(database.Source).ReadValidAsync(Cancellation)).Single().Name.ShouldBe("research");
        (await new AuditLog(database.Source).ReadAsync(null, 10, Cancellation)).Single().Subject.ShouldBe("polygon-live-collector 2");
        (await new ServiceReports(database.Source, TimeProvider.System).ReadAsync(null, Cancellation)).Single().Figures["refused_ticks"]
            .ShouldBe(7);
        (await new RolloutBaselines(database.Source, TimeProvider.System).GetOrAddAsync(
            "polygon-live-collector", 2, new Dictionary<string, double> { ["host-1"] = 9 }, Cancellation))["host-1"].ShouldBe(5);

        var next = await new ConfigStore(database.Source, TimeProvider.System).ChangeAsync(
            "polygon-live-collector", (_, _) => Task.FromResult<NewConfigVersion?>(new("{}", "patch", "boss", null, [])), Cancellation);
        next!.Version.ShouldBe(3);
    }

    private static async Task<string[]> MigrationsAsync(TestDatabase database) => await database.QueryAsync<string[]>(
        "SELECT array_agg(version || ' ' || name || ' ' || checksum ORDER BY version) FROM schema_migrations");

    private static Task RevertLastMigrationsAsync(TestDatabase database) => database.ExecuteAsync(
        """
        DROP TABLE service_registrations;
        ALTER TABLE service_reports DROP COLUMN since_ms;
        ALTER TABLE feed_gaps DROP COLUMN missing, DROP COLUMN restored, DROP COLUMN loss;
        DELETE FROM schema_migrations WHERE version > 5;
        """);

    private static Task InsertRowsOfEarlierVersionAsync(TestDatabase database) => database.ExecuteAsync(
        """
        INSERT INTO config_versions VALUES
            ('polygon-live-collector', 1, '{}', 'patch', 'research', NULL, '{}', 1000),
            ('polygon-live-collector', 2, '{"operational":{"feed":"both"}}', 'rollback', 'boss', 'back', '{"feed: quotes -> both"}', 2000);
        INSERT INTO config_heads VALUES ('polygon-live-collector', 2);
        INSERT INTO access_keys (id, name, role, hash, created_ms, created_by) VALUES ('000000000001', 'research', 'reader', '\x010203', 1000, 'boss');
        INSERT INTO audit_log (at_ms, author, action, subject, detail) VALUES (2000, 'boss', 'config.rollback', 'polygon-live-collector 2', 'back');
        INSERT INTO service_reports VALUES
            ('polygon-live-collector', 'host-1', (extract(epoch FROM now()) * 1000)::bigint, 2, 'current', NULL, '{"refused_ticks":7}');
        INSERT INTO rollout_baselines VALUES ('polygon-live-collector', 2, 'host-1', 5);
        """);
}
