namespace ServiceDefaults.Access;

/// <summary>
/// Marks a route that needs no key. While the service listens on loopback only and does not require keys, the route accepts only local host
/// names, to prevent DNS rebinding by web pages.
/// </summary>
public sealed class LocalNamesOnly;
