namespace CloudTicks.Timescale.Roles;

/// <summary>
/// What a connection may do in the database; each can do no more than its work asks for. <c>docs/timescale.md</c> lists it.
/// </summary>
public enum DatabaseRole
{
    /// <summary><c>cloudticks_owner</c> owns the tables: migrations, retention, compression. It makes no databases and no roles.</summary>
    Owner,

    /// <summary>
    /// <c>cloudticks_writer</c> adds ticks, and writes offsets, gaps, documents, keys and reports. It removes no tick and changes no table.
    /// </summary>
    Writer,

    /// <summary><c>cloudticks_reader</c> reads ticks, gaps and offsets, and nothing else: no keys, no documents.</summary>
    Reader,
}
