package calls

import contexts "context"
import "frameline.dev/interop/interopv1"

func aliased(client interopv1.LibraryClient, context int) (*interopv1.Book, error) {
	return client.EchoBook(contexts.Background(), &interopv1.Book{Pages: int64(context)})
}
