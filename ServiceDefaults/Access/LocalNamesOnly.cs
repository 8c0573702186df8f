namespace ServiceDefaults.Access;

/// <summary>
/// Marks a route that needs no key. While the service is for this machine alone, the route answers only under a local name: a web page can
/// lead a name of its own here (DNS rebinding), and would read the answer as its own.
/// </summary>
public sealed class LocalNamesOnly;
