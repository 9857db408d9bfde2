package calls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log" // for what goes wrong

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "frameline.dev/interop/interopv1"
)

type shelf struct {
	books pb.LibraryClient
	ctx   context.Context
}

func newShelf(conn grpc.ClientConnInterface) *shelf {
	return &shelf{books: pb.NewLibraryClient(conn), ctx: context.Background()}
}

func (s *shelf) plain(book *pb.Book) error {
	echo, err := s.books.EchoBook(context.Background(), book)
	fmt.Println(echo)
	return err
}

func (s *shelf) ofField(book *pb.Book) (*pb.Book, error) {
	return s.books.EchoBook(s.ctx, book)
}

func (s *shelf) inIf(book *pb.Book) error {
	if _, err := s.books.PrintBook(context.TODO(), book); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func (s *shelf) several(book *pb.Book) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	first, err := s.books.EchoBook(ctx, book)
	if err != nil {
		return err
	}
	if _, err := s.books.EchoBook(ctx, first); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s *shelf) inLoop(books []*pb.Book) error {
	for _, book := range books {
		text, err := s.books.PrintBook(context.Background(), book)
		if err != nil {
			return err
		}
		fmt.Println(text.GetText())
	}
	for {
		if _, err := s.books.Wait(context.Background(), &emptypb.Empty{}); err != nil {
			return err
		}
	}
}

func (s *shelf) inSwitch(book *pb.Book, kind int) (err error) {
	switch kind {
	case 1:
		_, err = s.books.EchoBook(context.Background(), book)
	default:
		switch _, err := s.books.Burn(context.Background(), book); {
		case errors.Is(err, io.EOF):
			return nil
		}
	}
	return err
}

func (s *shelf) inClosures(books []*pb.Book) {
	for _, book := range books {
		go func() {
			if _, err := s.books.EchoBook(context.Background(), book); err != nil {
				log.Print(err)
			}
		}()
	}
	each := func(book *pb.Book) error { _, err := s.books.EchoBook(context.Background(), book); return err }
	log.Print(each(nil))
}

func (s *shelf) stream(request *pb.ListBooksRequest) error {
	books, err := s.books.ListBooks(context.Background(), request)
	if err != nil {
		return err
	}
	for {
		book, err := books.Recv()
		if err != nil {
			return err
		}
		fmt.Println(book)
	}
}

// follow can't be mended by lines before the call: the stream outlives the function.
func (s *shelf) follow(request *pb.ListBooksRequest) (grpc.ServerStreamingClient[pb.Book], error) {
	return s.books.ListBooks(context.Background(), request)
}
