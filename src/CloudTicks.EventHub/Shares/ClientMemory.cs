using System.Net;
using System.Net.Sockets;

namespace CloudTicks.EventHub.Shares;

/// <summary>The memory limits of one connection: for its requests, for fetched records, and for other large responses.</summary>
internal sealed class ClientMemory(MemoryBudgets budgets, string address) : IDisposable
{
    private const int Ipv6NetworkBytes = 8;

    public string Address => address;

    public MemoryShare Requests { get; } = budgets.Requests.Open(address);

    public MemoryShare Fetches { get; } = budgets.Fetches.Open(address);

    public MemoryShare Responses { get; } = budgets.Responses.Open(address);

    /// <summary>The address that identifies a client. IPv6 hosts are identified by their network of 64 bits.</summary>
    public static string AddressOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(Ipv6NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    public void Dispose()
    {
        Requests.Dispose();
        Fetches.Dispose();
        Responses.Dispose();
    }
}
