using CloudTicks.CentralHub.Store.Access;
using CloudTicks.TestServices;

namespace CloudTicks.CentralHub.Store.Tests.Access;

public class AccessKeyTableTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_is_valid_until_revoked_and_changes_are_audited()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var table = new AccessKeyTable(database.Source);

        (await table.AddAsync(Key("000000000001", "research"), Cancellation)).ShouldBe(KeyAddition.Added);
        (await table.ReadValidAsync(Cancellation)).Single().ShouldSatisfyAllConditions(
            key => key.Name.ShouldBe("research"), key => key.Role.ShouldBe("reader"),
            key => key.Hash.ToArray().ShouldBe(new byte[] { 1, 2, 3 }));
        var revoked = await table.RevokeAsync("000000000001", "boss", 2_000, Cancellation);

        (revoked!.RevokedMs, revoked.RevokedBy).ShouldBe((2_000, "boss"));
        (await table.ReadValidAsync(Cancellation)).ShouldBeEmpty();
        (await table.ListAsync(10, Cancellation)).Single().RevokedMs.ShouldBe(2_000);
        var log = await new AuditLog(database.Source).ReadAsync(null, 10, Cancellation);
        log.Select(entry => (entry.AtMs, entry.Author, entry.Action, entry.Subject, entry.Detail)).ShouldBe(
        [
            (2_000, "boss", "key.revoke", "key 000000000001", "research"),
            (1_000, "boss", "key.create", "key 000000000001", "research, reader"),
        ]);
        (await new AuditLog(database.Source).ReadAsync(log[0].Id, 10, Cancellation)).Single().Action.ShouldBe("key.create");
    }

    [Fact]
    public async Task Revoked_key_stays_unchanged_and_unknown_key_is_null()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var table = new AccessKeyTable(database.Source);
        await table.AddAsync(Key("000000000001", "research"), Cancellation);
        await table.RevokeAsync("000000000001", "boss", 2_000, Cancellation);

        var secondRevocation = await table.RevokeAsync("000000000001", "other", 3_000, Cancellation);

        (secondRevocation!.RevokedMs, secondRevocation.RevokedBy).ShouldBe((2_000, "boss"));
        (await table.RevokeAsync("000000000002", "boss", 3_000, Cancellation)).ShouldBeNull();
        (await database.QueryAsync<long>("SELECT count(*) FROM audit_log")).ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_additions_of_one_name_add_one_key()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var table = new AccessKeyTable(database.Source);

        var additions = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            number => table.AddAsync(Key($"00000000000{number}", number % 2 == 0 ? "research" : "Research"), Cancellation)));

        additions.Count(addition => addition == KeyAddition.Added).ShouldBe(1);
        additions.Count(addition => addition == KeyAddition.NameTaken).ShouldBe(7);
        (await database.QueryAsync<long>("SELECT count(*) FROM audit_log")).ShouldBe(1);
    }

    [Fact]
    public async Task Name_of_a_revoked_key_can_be_reused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var table = new AccessKeyTable(database.Source);
        await table.AddAsync(Key("000000000001", "research"), Cancellation);
        await table.RevokeAsync("000000000001", "boss", 2_000, Cancellation);

        (await table.AddAsync(Key("000000000002", "research"), Cancellation)).ShouldBe(KeyAddition.Added);
    }

    [Fact]
    public async Task Number_of_valid_keys_is_limited()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            $"""
            INSERT INTO access_keys (id, name, role, hash, created_ms, created_by)
            SELECT 'id' || i, 'name' || i, 'reader', '', 0, 'test' FROM generate_series(1, {AccessKeyTable.MaxKeys}) i
            """);

        (await new AccessKeyTable(database.Source).AddAsync(Key("000000000001", "research"), Cancellation)).ShouldBe(KeyAddition.TooMany);
    }

    private static AccessKeyRow Key(string id, string name) => new(id, name, "reader", new byte[] { 1, 2, 3 }, 1_000, "boss");
}
