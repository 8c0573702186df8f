namespace CloudTicks.Timescale.Roles;

/// <summary>What a connection may do in the database, as little as its work needs; listed in <c>docs/timescale.md</c>.</summary>
public enum DatabaseRole
{
    /// <summary><c>cloudticks_owner</c> owns the tables: migrations, retention, compression. It makes no databases and no roles.</summary>
    Owner,

    /// <summary><c>cloudticks_writer</c>: adds ticks, offsets, gaps, documents, keys and reports; never removes a tick.</summary>
    Writer,

    /// <summary><c>cloudticks_reader</c> reads ticks, gaps and offsets, and nothing else: no keys, no documents.</summary>
    Reader,
}
