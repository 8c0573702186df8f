using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Functions.Access;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests.Access;

public sealed class KeyRingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TestTime _time = new();
    private NpgsqlDataSource _database = null!;
    private AccessKeyTable _table = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(Cancellation));
        await new SchemaMigrator(_database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Cancellation);
        _table = new AccessKeyTable(_database);
    }

    [Fact]
    public async Task Key_revoked_elsewhere_works_for_at_most_a_second()
    {
        var ring = Ring();
        var (id, key) = await AddAsync("research");
        (await ring.FindAsync(key, Cancellation)).Caller.ShouldBe(new Caller("research", AccessRole.Reader));

        await _table.RevokeAsync(id, "boss", 2_000, Cancellation);

        (await ring.FindAsync(key, Cancellation)).Caller.ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(key, Cancellation)).ShouldBe((null, false));
    }

    [Fact]
    public async Task Revocation_and_new_key_take_effect_at_once()
    {
        var ring = Ring();
        var (id, key) = await AddAsync("research");
        (await ring.FindAsync(key, Cancellation)).Caller.ShouldNotBeNull();

        await _table.RevokeAsync(id, "boss", 2_000, Cancellation);
        ring.Invalidate();
        var (_, second) = await AddAsync("second");

        (await ring.FindAsync(key, Cancellation)).ShouldBe((null, false));
        (await ring.FindAsync(second, Cancellation)).Caller!.Name.ShouldBe("second");
    }

    [Fact]
    public async Task Known_keys_stay_valid_without_the_database()
    {
        var ring = Ring();
        var (_, known) = await AddAsync("research");
        var (_, other) = await AddAsync("other");
        (await ring.FindAsync(known, Cancellation)).Caller.ShouldNotBeNull();
        await ExecuteAsync("ALTER TABLE access_keys RENAME TO access_keys_away");
        _time.Advance(TimeSpan.FromHours(1));

        (await ring.FindAsync(known, Cancellation)).Caller!.Name.ShouldBe("research");
        (await ring.FindAsync(known[..^1] + (known[^1] == '0' ? '1' : '0'), Cancellation)).ShouldBe((null, false));
        (await ring.FindAsync(AccessKey.Create().Key, Cancellation)).ShouldBe((null, true));
        (await Ring().FindAsync(other, Cancellation)).ShouldBe((null, true));

        await ExecuteAsync("ALTER TABLE access_keys_away RENAME TO access_keys");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(AccessKey.Create().Key, Cancellation)).ShouldBe((null, false));
    }

    [Fact]
    public async Task First_environment_key_is_a_writer_without_a_database()
    {
        var key = new string('k', 40);
        await ExecuteAsync("DROP TABLE access_keys");

        (await Ring(EnvironmentKeys.Of(key)).FindAsync(key, Cancellation)).Caller.ShouldBe(new Caller("environment", AccessRole.Writer));
        (await Ring(EnvironmentKeys.Of(key)).FindAsync(new string('k', 41), Cancellation)).ShouldBe((null, false));
        (await Ring().FindAsync("", Cancellation)).ShouldBe((null, false));
    }

    [Fact]
    public async Task Second_environment_key_is_a_reader()
    {
        var (writer, reader) = (new string('w', 40), new string('r', 40));
        var ring = Ring(EnvironmentKeys.Of(writer, reader));
        await ExecuteAsync("DROP TABLE access_keys");

        (await ring.FindAsync(writer, Cancellation)).Caller.ShouldBe(new Caller("environment", AccessRole.Writer));
        (await ring.FindAsync(reader, Cancellation)).Caller.ShouldBe(new Caller("environment-reader", AccessRole.Reader));
        (await Ring(EnvironmentKeys.Of(null, reader)).FindAsync(writer, Cancellation)).ShouldBe((null, false));
        EnvironmentKeys.Of(null, reader).HasWriter.ShouldBeFalse();
        Should.Throw<FormatException>(() => EnvironmentKeys.Of(writer, "short")).Message.ShouldContain("CLOUDTICKS_HUB_READER_KEY");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a key with blanks, which no header keeps unchanged")]
    [InlineData("0123456789abcdef0123456789abcdef\u00e4")]
    public void Weak_environment_key_is_refused_without_being_printed(string key) =>
        Should.Throw<FormatException>(() => EnvironmentKeys.Of(key)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("CLOUDTICKS_HUB_WRITER_KEY"), message => message.ShouldNotContain(key));

    [Fact]
    public async Task Unknown_keys_read_the_table_one_at_a_time()
    {
        var ring = Ring();
        var (_, key) = await AddAsync("research");

        var lookups = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            number => ring.FindAsync(number == 250 ? key : AccessKey.Create().Key, Cancellation).AsTask()));

        lookups.Count(one => one.Caller is not null).ShouldBe(1);
        lookups.ShouldAllBe(one => !one.IsUnknown);
        (await QueryAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"))
                .ShouldBeLessThanOrEqualTo(2);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private KeyRing Ring(EnvironmentKeys? environment = null) =>
        new(_table, _database, environment ?? EnvironmentKeys.Of(null), _time, NullLogger<KeyRing>.Instance);

    private async Task<(string Id, string Key)> AddAsync(string name)
    {
        var (id, key) = AccessKey.Create();
        await _table.AddAsync(new AccessKeyRow(id, name, "reader", AccessKey.Hash(key), 1_000, "test"), Cancellation);
        return (id, key);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
