namespace CloudTicks.EventHub.Settings;

internal static class HelpText
{
    public const string Text = """
        CloudTicks.EventHub: a durable Kafka-protocol broker on one node

          CloudTicks.EventHub --data DIR [options]

          --data DIR                  data folder, made when it is not there
          --port N                    port of the Kafka protocol, 0 takes a free one (9092)
          --listen ADDRESS            address to listen on (127.0.0.1); another one needs users or client certificates
          --advertise HOST:PORT       what clients are told to connect to (the name or address by which they came)
          --health-port N             port of /health and /alive on 127.0.0.1, 0 takes a free one (9093)
          --default-partitions N      partitions of a topic that does not say how many (1)
          --users-file FILE           who may log in, one name:password a line
          --tls-certificate FILE      PEM file of the hub's certificate; connections are then TLS
          --tls-key FILE              PEM file of its key
          --tls-client-ca FILE        PEM file of authorities; clients must show a certificate of theirs
          --config FILE               JSON file of settings, { "EventHub": { "Port": 9092 } }
          --EventHub:NAME VALUE       any other setting; in the environment EventHub__NAME (docs/configuration.md)
          --log-level LEVEL           DEBUG, INFO, WARNING or ERROR (INFO)
          --log-json                  one JSON object a line
          --help                      this text
          --version                   the version alone

        The command line precedes the environment, the environment the configuration file.
        Users are never given on the command line: EventHub__Users__0__Name, EventHub__Users__0__Password, or a file.

        Examples:
          CloudTicks.EventHub --data /var/lib/eventhub
        For a network, with passwords and TLS:
          CloudTicks.EventHub --data /var/lib/eventhub --listen 0.0.0.0 --users-file users --tls-certificate hub.pem --tls-key hub.key
        For a network, with client certificates:
          CloudTicks.EventHub --data /var/lib/eventhub --listen 0.0.0.0 --tls-certificate hub.pem --tls-key hub.key --tls-client-ca ca.pem

        """ + "\n" + ServiceHelp.ExitCodes;
}
