package interopv1

import "context"

// Echo stands beside the generated code, and imports nothing else.
func Echo(client LibraryClient, book *Book) error {
	_, err := client.EchoBook(context.Background(), book)
	return err
}
